/**
 * Sizes and times as people read them, in the language of their browser.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes with at most three digits: `612 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be rounded to 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 10 ? 0 : 1;
  return `${value.toLocaleString(undefined, { maximumFractionDigits: digits })}\u00a0${UNITS[unit]}`;
}

/** What the size of an environment or a version is. */
export function sizeTitle(trans: TranslationBundle): string {
  return trans.__('What its packages take to download; unpacked on the disk they take several times that');
}

/** Seconds as a clock: `1:12`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** The time of the day: `14:02`. */
export function formatTime(date: Date): string {
  return date.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

/** Day and time, for titles and tables: `22 Nov 2026, 10:00`. */
export function formatDateTime(date: Date): string {
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** A moment as one speaks of it, with the time of the day where it is near: "today 11:40", "22 Nov 2026". */
export function formatMoment(date: Date, now: Date, trans: TranslationBundle): string {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) {
    return trans.__('today %1', formatTime(date));
  }
  if (date.toDateString() === yesterday.toDateString()) {
    return trans.__('yesterday %1', formatTime(date));
  }
  return date.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
