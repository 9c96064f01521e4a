using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Testing.Watching;

/// <summary>What has to hold within one session, whatever the log is.</summary>
/// <param name="mayBeginWithSnapshot">It starts with the latest.</param>
/// <param name="mayResume">The client or the edge may go on over a broken connection within the session.</param>
internal sealed class SessionRules(bool mayBeginWithSnapshot, bool mayResume)
{
    private readonly List<WatchJobResponse> _messages = [];
    private long _last;

    public IReadOnlyList<WatchJobResponse> Messages => _messages;

    public void Take(WatchJobResponse message)
    {
        Assert.Matches("^[A-Za-z0-9_-]{1,128}$", message.Cursor);
        switch (message.MessageCase)
        {
            case WatchJobResponse.MessageOneofCase.Snapshot:
                Assert.True(mayBeginWithSnapshot && _messages.Count == 0, "A snapshot where none belongs");
                break;
            case WatchJobResponse.MessageOneofCase.CaughtUp:
                Assert.DoesNotContain(_messages, other => other.CaughtUp is not null);
                break;
            case WatchJobResponse.MessageOneofCase.Event:
                Assert.True(message.Event.Position > _last, $"Position {message.Event.Position} after {_last}");
                _last = message.Event.Position;
                break;
            case WatchJobResponse.MessageOneofCase.ExecutionEnded:
                Assert.True(message.ExecutionEnded.Position >= _last, $"The end at {message.ExecutionEnded.Position} after {_last}");
                Assert.DoesNotContain(_messages, other => other.ExecutionEnded?.Position == message.ExecutionEnded.Position);
                _last = message.ExecutionEnded.Position;
                break;
            case WatchJobResponse.MessageOneofCase.Heartbeat or WatchJobResponse.MessageOneofCase.Draining:
                break;
            default:
                Assert.Fail($"Nobody asked for {message.MessageCase}");
                break;
        }
        // Who goes on behind an execution's last event knows of its end.
        if (!mayResume && _messages is [.., { Event: { } ended }] && HasEnded(ended.Status))
            Assert.Equal(ended.Position, message.ExecutionEnded?.Position);
        _messages.Add(message);
    }

    private static bool HasEnded(ExecutionStatus status) =>
        status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Cancelled;
}
