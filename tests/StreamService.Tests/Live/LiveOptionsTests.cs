using Jobwatch.StreamService.Live;
using Jobwatch.StreamService.Watching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Jobwatch.StreamService.Tests.Live;

public sealed class LiveOptionsTests
{
    [Theory]
    [InlineData("Live:RingEvents", "0")]
    [InlineData("Live:RingBytes", "10")]
    [InlineData("Live:StoreReads", "0")]
    [InlineData("Live:SweepInterval", "00:00:02.001")]
    [InlineData("Live:SweepInterval", "00:00:00.001")]
    [InlineData("Watching:HeartbeatInterval", "00:00:00.001")]
    [InlineData("Watching:HeartbeatInterval", "00:11:00")]
    [InlineData("Watching:MaxWatches", "0")]
    [InlineData("Watching:StorePatience", "00:06:00")]
    [InlineData("Watching:DrainSpread", "-00:00:01")]
    [InlineData("Watching:DrainTimeout", "00:06:00")]
    [InlineData("Watching:MaxStreamAge", "00:00:00")]
    [InlineData("Watching:StallTimeout", "00:00:00.500")]
    public void A_setting_out_of_its_range_is_refused_by_name(string key, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Read((key, value)));
        Assert.Contains(key.Split(':')[1], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_and_the_edges_of_the_ranges_are_taken()
    {
        Read();
        Read(("Live:SweepInterval", "00:00:02"), ("Live:RingEvents", "1"), ("Watching:HeartbeatInterval", "00:00:00.1"), ("Watching:DrainSpread", "00:00:00"));
    }

    private static void Read(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        using var provider = services.AddLogging().AddLive().AddWatching().BuildServiceProvider();
        _ = provider.GetRequiredService<IOptions<LiveOptions>>().Value;
        _ = provider.GetRequiredService<IOptions<WatchingOptions>>().Value;
    }
}
