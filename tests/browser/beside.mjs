// Several jobs beside one another.

/**
 * What `work` makes of each job, in the order of the jobs, of which `workers` run at once. After an error no
 * further job begins; it is thrown when those that had begun have ended, so that they close what they opened.
 */
export async function beside(jobs, workers, work) {
  const made = new Array(jobs.length);
  let next = 0;
  let wrong = null;
  const worker = async () => {
    while (next < jobs.length && wrong === null) {
      const number = next;
      next += 1;
      try {
        made[number] = await work(jobs[number]);
      } catch (error) {
        wrong ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, worker));
  if (wrong !== null) throw wrong;
  return made;
}
