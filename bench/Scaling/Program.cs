using Jobwatch.Bench.Scaling;
using Jobwatch.Bench.Scaling.Capacity;
using Jobwatch.Bench.Scaling.Herds;

try
{
    var arguments = new Arguments(args);
    var cells = (int)arguments.Number("cells", 1);
    var standard = new Load();
    var limit = new Limits();
    var load = new Load
    {
        Watchers = arguments.Number("watchers", standard.Watchers),
        Jobs = arguments.Number("jobs", standard.Jobs),
        EventsPerSecond = arguments.Number("events-per-second", standard.EventsPerSecond),
        EventsPerAppend = arguments.Number("events-per-append", standard.EventsPerAppend),
        EventsPerSend = arguments.Number("events-per-send", standard.EventsPerSend),
    }.Share(cells);
    var limits = new Limits
    {
        Cores = arguments.Number("cores", limit.Cores),
        Memory = arguments.Number("memory-gib", limit.Memory),
        DatabaseCores = arguments.Number("database-cores", limit.DatabaseCores),
        Utilization = arguments.Number("utilization", limit.Utilization),
        WatchersPerEdge = arguments.Number("watchers-per-edge", limit.WatchersPerEdge),
        StreamsPerNode = arguments.Number("streams-per-node", limit.StreamsPerNode),
        HintsByRedis = arguments.Is("hints", "redis", "postgres"),
        RoutedByJob = arguments.Is("route", "job", "any"),
    };
    var connectSeconds = arguments.Number("connect-cpu-ms", Coefficients.EdgeConnect / 1000) / 1000;
    var retry = arguments.Number("retry-seconds", 1);
    var seed = (int)arguments.Number("seed", 1);
    arguments.Done();

    if (Bill.For(load, limits) is not { } bill)
    {
        Console.WriteLine("No number of processes carries that: what they have to tell each other grows faster than they do. More cells, or Redis.");
        return 1;
    }

    Statement.Write(Console.Out, load, limits, cells, bill);
    var herd = new HerdPlan
    {
        Watchers = (int)Math.Ceiling(load.Watchers / bill.Plant.Edges),
        EdgesLeft = bill.Plant.Edges - 1,
        // The watchers that an edge has already go on.
        ConnectSeconds = connectSeconds / (limits.Cores * (1 - limits.Utilization)),
        RetrySeconds = retry,
        Seed = seed,
    };
    Console.WriteLine("\nan edge dies");
    foreach (var plan in new[] { herd, herd with { Jitter = 0 } })
    {
        Statement.Write(Console.Out, plan, Herd.Run(plan));
    }

    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
