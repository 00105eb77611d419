import { makeTaskToken, readTaskToken, type TaskLink } from '../tasks/task-links';

/** Makes the address of a wave's page. */
export interface WaveUrls {
  urlOf(wave: { id: string; linkNumber: number }): string;
}

export function waveUrls({ publicUrl, secret }: { publicUrl: string; secret: string }): WaveUrls {
  return {
    urlOf: ({ id, linkNumber }) => `${publicUrl}/w/${makeTaskToken({ taskId: id, linkNumber }, secret, 'wave-link')}`,
  };
}

/** The wave and which of its links a token stands for; undefined when it is not one of ours or was altered. */
export function readWaveToken(token: string, secret: string): { waveId: string; linkNumber: number } | undefined {
  const link: TaskLink | undefined = readTaskToken(token, secret, 'wave-link');
  return link && { waveId: link.taskId, linkNumber: link.linkNumber };
}
