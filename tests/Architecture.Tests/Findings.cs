using Xunit;

namespace Jobwatch.Architecture.Tests;

/// <summary>What a rule found.</summary>
internal static class Findings
{
    /// <summary>Fails with all of them: xunit's own message would cut them short.</summary>
    public static void None(IEnumerable<string> findings)
    {
        var all = findings.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
