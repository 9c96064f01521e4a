using Jobwatch.Faults.Tests.Network;
using Jobwatch.Faults.Tests.Processes;
using Jobwatch.Faults.Tests.Readers;
using Jobwatch.Faults.Tests.Store;
using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests;

/// <summary>All that is broken on purpose.</summary>
internal static class FaultKinds
{
    /// <summary>Those that run always; the others only in a soak, or when asked for.</summary>
    private const int Always = 12;

    private static readonly Func<Fault>[] Makers =
    [
        () => new KilledServer(isNode: true),
        () => new FrozenServer(isNode: true, seconds: 10),
        () => new KilledServer(isNode: false),
        () => new LostPostgres(isKilled: true),
        () => new LostCommitReply(),
        () => new HalfOpenLink(),
        () => new KilledListener(),
        () => new FullDisk(),
        () => new Herd(),
        () => new StalledReader(),
        () => new RollingRestart(),
        () => new Promotion(),
        () => new FrozenServer(isNode: true, seconds: 1),
        () => new FrozenServer(isNode: false, seconds: 1),
        () => new FrozenServer(isNode: false, seconds: 10),
        () => new LostPostgres(isKilled: false),
        () => new LongTransaction(),
        () => new WrongClock(),
        () => new SlowLink(),
        () => new StoreDelays(),
        () => new LostHints(),
        () => new DisorderedHints(),
        () => new KilledRedis(),
        () => new BadRedisLink(),
        () => new BadCallerWays(),
    ];

    /// <summary>Those of each run of the tests.</summary>
    public static IEnumerable<string> OfEachRun => Makers.Take(Always).Select(make => make().Name);

    /// <summary>Those of a soak.</summary>
    public static IReadOnlyList<string> OfASoak => [.. Makers.Select(make => make().Name)];

    public static Fault Make(string name) => Makers.Select(make => make()).FirstOrDefault(fault => fault.Name == name)
        ?? throw new ArgumentException($"There is no fault '{name}'; there are {string.Join(", ", Makers.Select(make => make().Name))}.", nameof(name));
}
