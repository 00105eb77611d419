import { COUNTER_OFTEN, counterStories } from './counter-stories.mjs';
import { OFTEN, stories } from './stories.mjs';

/** Which stories each demo shop tells, by what its file names; every one once, then again those that are seen most. */
export const repertoires = {
  parcels: { stories, often: OFTEN },
  counter: { stories: counterStories, often: COUNTER_OFTEN },
};

/** The stories of a run of `count` orders, always the same for the same count. */
export function chooseStories(count, repertoire = 'parcels') {
  const { stories, often } = repertoires[repertoire];
  const once = Object.keys(stories);
  return Array.from({ length: count }, (_, place) => {
    const name = once[place] ?? often[(place - once.length) % often.length];
    return { name, ...stories[name] };
  });
}
