using Jobwatch.StreamService.Tenancy;
using Jobwatch.StreamService.Tests.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Tenancy;

public sealed class TokensFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly FakeTimeProvider _time = new();
    private readonly ErrorLog _errors = new();
    private readonly LoggerFactory _loggers;

    public TokensFileTests() => _loggers = new LoggerFactory([_errors]);

    [Fact]
    public void Takes_up_a_change_within_a_second()
    {
        var file = Open("acme t1\n");
        File.WriteAllText(_path, "acme t2\n");

        Assert.NotNull(file.Current.Find("t1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(file.Current.Find("t1"));
        Assert.NotNull(file.Current.Find("t2"));
    }

    [Fact]
    public void Keeps_its_tokens_and_tells_once_when_the_file_turns_bad()
    {
        var file = Open("acme t1\n");
        File.WriteAllText(_path, "acme\n");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.NotNull(file.Current.Find("t1"));
        }

        Assert.Contains("line 1 has 1 words", Assert.Single(_errors.Errors), StringComparison.Ordinal);
        File.WriteAllText(_path, "acme t3\n");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(file.Current.Find("t3"));
    }

    public void Dispose()
    {
        File.Delete(_path);
        _loggers.Dispose();
    }

    private TokensFile Open(string text)
    {
        File.WriteAllText(_path, text);
        return new TokensFile(Options.Create(new TenancyOptions { TokensFile = _path }), _time, _loggers.CreateLogger<TokensFile>());
    }
}
