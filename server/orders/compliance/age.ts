const YEARS_MAX = 130;

/** Whole years on a calendar day, both YYYY-MM-DD. Who was born on 29 February is a year older on 1 March. */
export function ageOn(day: string, birthDate: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** A day that somebody alive on `day` can have been born on. */
export function isBirthDate(birthDate: string, day: string): boolean {
  return birthDate <= day && ageOn(day, birthDate) <= YEARS_MAX;
}
