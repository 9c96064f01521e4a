using Xunit;

namespace Jobwatch.EndToEnd.Tests.SlowWatchers;

/// <summary>Tests that measure: none runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
