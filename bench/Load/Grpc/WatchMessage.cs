using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.Bench.Grpc;

/// <summary>Looks at the bytes of a <c>WatchJobResponse</c>.</summary>
internal static class WatchMessage
{
    /// <summary>What it says.</summary>
    public static WatchJobResponse.MessageOneofCase KindOf(ReadOnlySpan<byte> message)
    {
        var kind = WatchJobResponse.MessageOneofCase.None;
        var fields = new WireFields(message);
        while (fields.Next())
        {
            kind = fields.Number == WatchJobResponse.CursorFieldNumber ? kind : (WatchJobResponse.MessageOneofCase)fields.Number;
        }

        return kind;
    }
}
