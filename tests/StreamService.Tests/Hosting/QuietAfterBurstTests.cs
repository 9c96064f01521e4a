using Jobwatch.Shared;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

public sealed class QuietAfterBurstTests
{
    private readonly QuietAfterBurst _rest = new(burst: 1000, quiet: 10);

    [Fact]
    public void A_burst_is_collected_once_when_it_is_over()
    {
        Assert.False(_rest.Look(900));
        Assert.False(_rest.Look(2000));
        Assert.True(_rest.Look(2010));
        Assert.False(_rest.Look(2015));
    }

    [Fact]
    public void A_process_that_goes_on_is_left_alone()
    {
        for (var allocated = 1000; allocated < 100_000; allocated += 11)
        {
            Assert.False(_rest.Look(allocated));
        }
    }

    [Fact]
    public void Little_garbage_is_left_until_it_is_much()
    {
        Assert.False(_rest.Look(989));
        Assert.False(_rest.Look(999));
        Assert.True(_rest.Look(1009));
        Assert.False(_rest.Look(1019));
    }
}
