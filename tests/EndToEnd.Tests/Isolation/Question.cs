namespace Jobwatch.EndToEnd.Tests.Isolation;

/// <summary>One way to ask for a job.</summary>
/// <param name="Name">The way.</param>
/// <param name="Reason">The reason of the refusal.</param>
/// <param name="AskAsync">Asks, and returns all that the answer says: status, headers and body or trailers.</param>
internal sealed record Question(string Name, string Reason, Func<Target, Task<string>> AskAsync);
