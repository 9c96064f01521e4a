using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;
using Jobwatch.V1;

namespace Jobwatch.Testing.Watching;

/// <summary>Newline-delimited JSON.</summary>
internal sealed class NdjsonTransport(HttpClient edge, ResumeBy resumeBy) : HttpTransport(edge, resumeBy)
{
    protected override string Accept => "*/*";

    protected override string MediaType => "application/x-ndjson";

    protected override string PathOf(string jobId) => $"v1/jobs/{jobId}:watch";

    protected override async IAsyncEnumerable<WatchJobResponse> ParseAsync(Stream body, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(body, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("{\"error\":", StringComparison.Ordinal))
                throw Broken(line);
            yield return JsonParser.Default.Parse<WatchJobResponse>(line);
        }
    }
}
