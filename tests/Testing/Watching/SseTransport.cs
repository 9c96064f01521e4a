using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Testing.Watching;

/// <summary>Server-sent events.</summary>
internal sealed class SseTransport(HttpClient edge, ResumeBy resumeBy, bool reconciliationsRoute) : HttpTransport(edge, resumeBy)
{
    // The route of reconciliations answers events whatever is accepted.
    protected override string Accept => reconciliationsRoute ? "*/*" : "text/event-stream";

    protected override string MediaType => "text/event-stream";

    protected override string PathOf(string jobId) =>
        reconciliationsRoute ? $"api/v1/realtime/reconciliations/{jobId}" : $"v1/jobs/{jobId}:watch";

    protected override async IAsyncEnumerable<WatchJobResponse> ParseAsync(Stream body, [EnumeratorCancellation] CancellationToken cancel)
    {
        var parser = SseParser.Create(body);
        await foreach (var item in parser.EnumerateAsync(cancel))
        {
            if (item.EventType == "error")
                throw Broken(item.Data);
            Assert.DoesNotContain('\n', item.Data);
            string field = item.EventType == "execution_update" ? "event" : item.EventType;
            string whole = $"{{\"cursor\":{JsonSerializer.Serialize(item.EventId)},\"{field}\":{item.Data}}}";
            yield return JsonParser.Default.Parse<WatchJobResponse>(whole);
        }
    }
}
