using Jobwatch.StreamService.Hints;
using Jobwatch.StreamService.Journal;
using Microsoft.Extensions.Options;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

public sealed class HintInterestTests
{
    private static readonly JobKey Job = new("local", "ledger-eu");

    private readonly HintChannels _channels = new(Options.Create(new HintsOptions { Transport = HintTransport.Redis }));
    private readonly HintInterest _interest;

    public HintInterestTests() => _interest = new HintInterest(_channels);

    [Fact]
    public void A_channel_is_listened_to_once_and_for_as_long_as_somebody_is_interested()
    {
        _interest.Add(Job);
        Assert.True(_interest.Grown.IsCompleted);
        _interest.Add(Job);
        Assert.Equal([_channels.Of(Job)], _interest.TakeChanges().Listen);
        _interest.Remove(Job);
        Assert.False(_interest.Grown.IsCompleted);
        Assert.Empty(_interest.TakeChanges().Unlisten);

        _interest.Remove(Job);
        Assert.False(_interest.Grown.IsCompleted);
        Assert.Equal([_channels.Of(Job)], _interest.TakeChanges().Unlisten);
        Assert.Equal(0, _interest.Count);
    }

    [Fact]
    public void Who_leaves_and_comes_again_changes_nothing()
    {
        _interest.Add(Job);
        _interest.TakeChanges();
        _interest.Remove(Job);
        _interest.Add(Job);
        var (listen, unlisten) = _interest.TakeChanges();
        Assert.Empty(listen);
        Assert.Empty(unlisten);

        var brief = Job with { JobId = "short-lived" };
        _interest.Add(brief);
        _interest.Remove(brief);
        (listen, unlisten) = _interest.TakeChanges();
        Assert.Empty(listen);
        Assert.Empty(unlisten);
    }

    [Fact]
    public void After_a_lost_link_all_is_listened_to_anew()
    {
        _interest.Add(Job);
        _interest.AddTenant(Job.Tenant);
        var gone = Job with { JobId = "gone" };
        _interest.Add(gone);
        _interest.TakeChanges();
        _interest.Remove(gone);
        _interest.StartAnew();

        var (listen, unlisten) = _interest.TakeChanges();
        Assert.Equal([.. new[] { _channels.Of(Job), _channels.OfTenant(Job.Tenant) }.Order()], listen.Order());
        Assert.Empty(unlisten);
    }

    [Fact]
    public void PostgreSQL_is_asked_for_few_channels_and_Redis_for_one_a_job()
    {
        var few = new HintChannels(Options.Create(new HintsOptions()));
        var jobs = Enumerable.Range(0, 10_000).Select(i => new JobKey("local", $"job-{i}")).ToList();
        Assert.Equal(256, jobs.Select(few.Of).Distinct().Count());
        Assert.Equal(10_000, jobs.Select(_channels.Of).Distinct().Count());
    }
}
