namespace Jobwatch.Bench.Scaling.Herds;

/// <summary>A simulation, arrival by arrival: each edge takes who comes in order, and who has waited too long comes again later.</summary>
internal static class Herd
{
    private const double Bin = 0.1;

    public static HerdResult Run(HerdPlan plan)
    {
        var random = new Random(plan.Seed);
        double Pause() => plan.RetrySeconds * (1 + (plan.Jitter * ((2 * random.NextDouble()) - 1)));
        // Of the watchers only the times matter: who comes when.
        var coming = new PriorityQueue<double, double>();
        for (var watcher = 0; watcher < plan.Watchers; watcher++)
        {
            var at = Pause();
            coming.Enqueue(at, at);
        }

        var freeAt = new double[plan.EdgesLeft];
        var backAt = new List<double>(plan.Watchers);
        var arrivals = new Dictionary<long, int>();
        var tries = 0;
        while (coming.TryDequeue(out var now, out _))
        {
            tries++;
            var bin = (long)(now / Bin);
            arrivals[bin] = arrivals.GetValueOrDefault(bin) + 1;
            // A balancer in front that knows nothing of how busy they are.
            ref var free = ref freeAt[random.Next(plan.EdgesLeft)];
            var starts = Math.Max(now, free);
            if (starts - now > plan.PatienceSeconds)
            {
                var again = now + plan.PatienceSeconds + Pause();
                coming.Enqueue(again, again);
                continue;
            }

            free = starts + plan.ConnectSeconds;
            backAt.Add(free);
        }

        backAt.Sort();
        return new HerdResult(backAt, tries, arrivals.Values.DefaultIfEmpty().Max() / Bin);
    }
}
