// `npm run bench`: measures, prints tables, writes docs/benchmarks.md.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem } from '../test/support/system';
import { measureBareMemory, measureMemory, watchable } from './figures/memory';
import { measureMonitor } from './figures/monitor';
import { measureWatchingCost } from './figures/watching-cost';
import { measureOverload } from './figures/overload';
import { measureStartTime } from './figures/start-time';
import { measureThroughput } from './figures/throughput';
import { measureWire } from './figures/wire';
import { LoadGenerator } from './load/load';
import { describeMachine } from './machine';
import { HELP, parseOptions, Plan } from './options';
import { makeProfiles } from './photos';
import { consoleTable } from './report/console';
import { benchmarksPage, foreignLoad } from './report/markdown';
import { overloadTable, processTable, ratiosTable, speedTable, stationTable } from './report/tables';
import { Results } from './results';

const PAGE = join('docs', 'benchmarks.md');

async function measure(plan: Plan): Promise<Results> {
  const startedAt = performance.now();
  const say = (line: string) =>
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}`);

  say('making photos');
  const { small, phone, remove } = await makeProfiles();
  try {
    const machine = describeMachine();
    say(`start to first answer, ${plan.starts} x`);
    const startTime = await measureStartTime(plan, small);
    say('bytes between the tiers');
    const wire = await measureWire(plan, [small, phone]);
    const throughput = await measureThroughput(plan, [small, phone], say);

    say(`monitor, ${plan.monitorEvents} events`);
    const monitor = await measureMonitor(plan);
    say(`what it costs to be watched, ${plan.rounds} rounds of 3 x ${plan.windowMs.S / 1000} s`);
    const watchingCost = await measureWatchingCost(plan, small);
    const bareMb = await measureBareMemory(plan, small);
    const generator = new LoadGenerator();
    const system = await startSystem({ modelFolder: plan.modelFolder, environment: watchable() });
    try {
      say(`memory, ${plan.watchedRequests} requests`);
      const memory = await measureMemory(plan, { small, phone }, system, generator, bareMb);
      say(`twice the saturation, ${plan.overloadRounds} x ${plan.overloadMs / 1000} s`);
      const overload = await measureOverload(plan, small, system, generator);
      say('done');
      return {
        machine,
        rounds: plan.rounds,
        model: plan.modelFolder,
        startTime,
        wire,
        throughput,
        memory,
        overload,
        monitor,
        watchingCost,
      };
    } finally {
      await Promise.all([system.stop(), generator.stop()]);
    }
  } finally {
    remove();
  }
}

async function main(): Promise<void> {
  const plan = parseOptions(process.argv.slice(2));
  if (plan === 'help') {
    console.log(HELP);
    return;
  }
  if (!existsSync('/proc/self/smaps_rollup')) {
    throw new Error('The benchmark reads CPU time and memory from /proc, which only Linux has.');
  }
  const results = await measure(plan);
  for (const table of [ratiosTable, speedTable, processTable, stationTable, overloadTable]) {
    console.log(consoleTable(table(results)));
  }
  console.log(`\n${foreignLoad(results)}`);
  if (plan.quick) return;
  writeFileSync(PAGE, benchmarksPage(results));
  console.log(`\nwritten to ${PAGE}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
