const TIMEOUT_MS = 150_000;

/** Calls a scheduled function as Cloud Scheduler does; the emulator serves it under its name with "-0". */
export async function postTick(functionUrl: string): Promise<void> {
  const response = await fetch(`${functionUrl}-0`, {
    method: 'POST',
    headers: { 'X-CloudScheduler-ScheduleTime': new Date().toISOString() },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await response.text();
  if (response.ok) return;
  throw new Error(`The tick at ${functionUrl} answered ${String(response.status)} ${body}`.trim());
}
