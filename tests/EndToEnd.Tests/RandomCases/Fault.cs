namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>What is done to a server while cases run; it is started again at once.</summary>
internal enum Fault
{
    KillNode,
    KillEdge,
    StopNode,
    StopEdge,
}
