namespace Jobwatch.Faults.Tests.Turns;

/// <summary>What came of one fault.</summary>
/// <param name="Fault">Its name.</param>
/// <param name="Appends">Appends that were acknowledged.</param>
/// <param name="Account">Events: acknowledged, stored, lost, repeated.</param>
/// <param name="Watchers">How many watched.</param>
/// <param name="Broken">How many of their sessions broke.</param>
/// <param name="Took">How long the fault took, with all that it waits for; 0 if it was not over.</param>
/// <param name="Recoveries">Of each watcher, from the fault's end until it saw what was recorded after it; in seconds.</param>
/// <param name="Waits">Of each watcher, the longest time between two events; in seconds.</param>
/// <param name="NodeMegabytes">The most that a node had in memory.</param>
/// <param name="EdgeMegabytes">The most that an edge had.</param>
/// <param name="Failure">What did not hold; null if all did.</param>
internal sealed record TurnResult(
    string Fault,
    long Appends,
    Account Account,
    int Watchers,
    int Broken,
    TimeSpan Took,
    IReadOnlyList<double> Recoveries,
    IReadOnlyList<double> Waits,
    double NodeMegabytes,
    double EdgeMegabytes,
    string? Failure);
