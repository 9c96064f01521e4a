using Jobwatch.StreamService.Retention;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Jobwatch.StreamService.Tests.Retention;

public sealed class RetentionOptionsTests
{
    [Theory]
    [InlineData("Retention:Interval", "00:00:00.5")]
    [InlineData("Retention:Interval", "1.00:00:01")]
    [InlineData("Retention:MinAge", "-00:00:01")]
    [InlineData("Retention:MinAge", "31.00:00:00")]
    [InlineData("Retention:Rules:0:Tenant", "")]
    [InlineData("Retention:Rules:0:Tenant", "ac*")]
    [InlineData("Retention:Rules:0:Job", "")]
    [InlineData("Retention:Rules:0:Job", "*-eu")]
    [InlineData("Retention:Rules:0:MaxAge", "00:00:00")]
    [InlineData("Retention:Rules:0:MaxEvents", "0")]
    [InlineData("Retention:Rules:0:ExecutionMaxAge", "00:59:00")]
    public void A_setting_out_of_its_range_is_refused_by_name_and_value(string key, string value)
    {
        var failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Read((key, value))).Failures);
        Assert.StartsWith(
            $"{key} (environment: {key.Replace(":", "__", StringComparison.Ordinal)}) is '", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_truncated_by_default()
    {
        var options = Read();
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)), (options.Interval, options.MinAge));
        Assert.Empty(options.Rules);
    }

    [Fact]
    public void Rules_keep_their_order()
    {
        var options = Read(
            ("Retention:Rules:1:MaxAge", "30.00:00:00"), ("Retention:Rules:0:Tenant", "acme"), ("Retention:Rules:0:Job", "ledger-*"),
            ("Retention:Rules:0:MaxEvents", "1000000"), ("Retention:Rules:0:ExecutionMaxAge", "365.00:00:00"));

        Assert.Equal(2, options.Rules.Count);
        var (first, second) = (options.Rules[0], options.Rules[1]);
        Assert.Equal(("acme", "ledger-*", 1_000_000, null), (first.Tenant, first.Job, first.MaxEvents, first.MaxAge));
        Assert.Equal(TimeSpan.FromDays(365), first.ExecutionMaxAge);
        Assert.Equal(("*", "*", null, TimeSpan.FromDays(30)), (second.Tenant, second.Job, second.MaxEvents, second.MaxAge));
    }

    private static RetentionOptions Read(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        using var provider = services.AddLogging().AddRetention().BuildServiceProvider();
        return provider.GetRequiredService<IOptions<RetentionOptions>>().Value;
    }
}
