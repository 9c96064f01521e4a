using Xunit;

namespace Jobwatch.Faults.Tests.Sites;

/// <summary>Tests with a site of their own: one at a time, as each fills the machine.</summary>
[CollectionDefinition(nameof(OneSite))]
public sealed class OneSite;
