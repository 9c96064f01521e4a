using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

public sealed class HintTests
{
    [Theory]
    [InlineData("local", "ledger-eu", long.MaxValue, 1, true)]
    [InlineData("a.b_c-d", "x", 1, long.MaxValue, false)]
    public void Is_read_as_it_was_written(string tenant, string job, long incarnation, long head, bool madeJob)
    {
        var hint = new Hint(new JobKey(tenant, job), incarnation, head, madeJob);
        var line = hint.Write("me");
        Assert.StartsWith("me ", line, StringComparison.Ordinal);
        Assert.True(Hint.TryRead(line.AsSpan(3), out var read));
        Assert.Equal(hint, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("1 2 0")]
    [InlineData("1 2 0 local/job more")]
    [InlineData("x 2 0 local/job")]
    [InlineData("1 -2 0 local/job")]
    [InlineData("1 2 2 local/job")]
    [InlineData("1 2 0 job")]
    [InlineData("1 2 0 /job")]
    [InlineData("1 2 0 local/")]
    public void What_no_node_wrote_is_no_hint(string line) => Assert.False(Hint.TryRead(line, out _));
}
