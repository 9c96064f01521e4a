using Jobwatch.StreamService.Hints;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hints;

public sealed class HintsOptionsTests
{
    [Fact]
    public void By_default_PostgreSQL_carries_the_hints() => Assert.Equal(HintTransport.Postgres, Read().Transport);

    [Fact]
    public void A_transport_is_named_and_Redis_needs_its_servers()
    {
        Assert.Equal(HintTransport.None, Read(("Hints:Transport", "None")).Transport);
        Assert.Equal("a:1,b:2,password=x", Read(("Hints:Transport", "redis"), ("Hints:Redis", "a:1,b:2,password=x")).Redis);
        Assert.Contains("Hints:Redis (environment: Hints__Redis) is missing", Refusal(("Hints:Transport", "Redis")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_not_be_used_is_refused_without_showing_a_password()
    {
        Assert.Contains("Hints:Transport (environment: Hints__Transport) is '7'", Refusal(("Hints:Transport", "7")), StringComparison.Ordinal);
        var refusal = Refusal(("Hints:Transport", "Redis"), ("Hints:Redis", "password=secret,connectTimeout=soon"));
        Assert.Contains("Hints:Redis", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    private static string Refusal(params (string Key, string Value)[] settings) =>
        Assert.Throws<OptionsValidationException>(() => Read(settings)).Message;

    private static HintsOptions Read(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        using var provider = services.AddHints().BuildServiceProvider();
        return provider.GetRequiredService<IOptions<HintsOptions>>().Value;
    }
}
