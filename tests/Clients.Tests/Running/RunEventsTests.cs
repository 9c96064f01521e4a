using Jobwatch.Cli.Running;
using Jobwatch.V1;
using Microsoft.Extensions.Time.Testing;

namespace Jobwatch.Clients.Tests.Running;

public sealed class RunEventsTests
{
    // What AppendLimits.EventBytes promises.
    private const int ServersEventBytes = 256 * 1024;

    private readonly RunEvents _events = new("e", new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000)));

    [Fact]
    public void Every_event_has_its_id_its_execution_and_its_time()
    {
        ExecutionEvent[] all = [_events.Started("w", new Dictionary<string, string>()), _events.Line("a", "stdout"), _events.Line("a", "stdout"), _events.Lost()];
        Assert.Equal(4, all.Select(one => Guid.Parse(one.EventId)).Distinct().Count());
        Assert.All(all, one => Assert.Equal("e", one.ExecutionId));
        Assert.All(all, one => Assert.Equal(20_000L * 86_400, one.OccurredAt.Seconds));
    }

    [Theory]
    [InlineData(3, "EXIT_3")]
    [InlineData(128, "EXIT_128")]
    [InlineData(137, "SIGNAL_9")]
    [InlineData(255, "EXIT_255")]
    public void A_failure_names_its_exit_code_or_signal(int exitCode, string code) =>
        Assert.Equal(code, _events.Ended("make", exitCode, null).ExecutionFailed.Error.Code);

    [Fact]
    public void A_run_that_was_told_to_stop_is_cancelled_however_its_program_ended()
    {
        Assert.Equal("SIGTERM", _events.Ended("make", 143, "SIGTERM").ExecutionCancelled.Reason);
        Assert.Equal("SIGINT", _events.Ended("make", 0, "SIGINT").ExecutionCancelled.Reason);
        Assert.NotNull(_events.Ended("make", 0, null).ExecutionSucceeded);
    }

    [Theory]
    [InlineData("€", 100_000, 1000)]
    [InlineData("€", 4096, 64)]
    [InlineData("x😀", 700, 500)]
    [InlineData("", 0, 500_000)]
    public void A_command_line_of_any_length_fits_into_one_event_with_as_much_of_its_beginning_as_it_takes(string unit, int length, int count)
    {
        var argument = string.Concat(Enumerable.Repeat(unit, length));
        var command = _events.Command([.. Enumerable.Repeat(argument, count)], "/\ud800");

        Assert.InRange(command.CalculateSize(), 120 * 1024 / (argument.Length == 0 ? 4 : 1), ServersEventBytes);
        Assert.Equal("command", command.Custom.Name);
        var arguments = command.Custom.Data.Fields["args"].ListValue.Values.Select(value => value.StringValue).ToList();
        Assert.Equal($"… and {count - (arguments.Count - 1)} more", arguments[^1]);
        Assert.All(arguments.SkipLast(2), whole => Assert.Equal(argument, whole));
        Assert.StartsWith(arguments[^2].TrimEnd('…'), argument, StringComparison.Ordinal);
    }

    [Fact]
    public void A_usual_command_line_is_kept_whole()
    {
        string[] given = ["make", .. Enumerable.Repeat(new string('x', 1000), 100)];
        var command = _events.Command(given, "/srv/app").Custom.Data.Fields;
        Assert.Equal(given, command["args"].ListValue.Values.Select(value => value.StringValue));
        Assert.Equal("/srv/app", command["cwd"].StringValue);
    }
}
