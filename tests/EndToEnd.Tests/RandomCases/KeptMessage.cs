using Jobwatch.V1;

namespace Jobwatch.EndToEnd.Tests.RandomCases;

/// <summary>A message as a watcher keeps it, with the filter that it asked for it with.</summary>
internal sealed record KeptMessage(WatchJobResponse Message, EventFilter Filter);
