namespace Jobwatch.EndToEnd.Tests.Browsers;

/// <summary>What browser-events.mjs prints.</summary>
/// <param name="Name">The event's name; <c>open</c> and <c>broken</c> are the connection's.</param>
/// <param name="Id">The last event id.</param>
/// <param name="Data">The event's data.</param>
internal sealed record BrowserReport(string Name, string? Id, string? Data);
