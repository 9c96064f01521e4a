using System.Net;
using System.Runtime.CompilerServices;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.Testing.Watching;

/// <summary>A watching route of the edge.</summary>
internal abstract class HttpTransport(HttpClient edge, ResumeBy resumeBy) : Transport
{
    protected abstract string Accept { get; }

    protected abstract string MediaType { get; }

    public override async Task<Session> OpenAsync(WatchJobRequest request, CancellationToken cancel)
    {
        var response = await SendAsync(request, cancel);
        try
        {
            if (!response.IsSuccessStatusCode)
                throw new HttpRequestException(await response.Content.ReadAsStringAsync(cancel), inner: null, response.StatusCode);
            bool nothingLeft = response.StatusCode == HttpStatusCode.NoContent;
            Assert.Equal(nothingLeft ? null : MediaType, response.Content.Headers.ContentType?.MediaType);
            Assert.True(response.Headers.CacheControl?.NoStore);
            return new Session(new Connection(response), nothingLeft ? AsyncEnumerable.Empty<WatchJobResponse>() : ReadAsync(response, cancel))
            {
                StartedFrom = response.Headers.TryGetValues("Jobwatch-Last-Event-Id", out var started) ? started.Single() : null,
                NothingLeft = nothingLeft,
            };
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    protected abstract string PathOf(string jobId);

    protected abstract IAsyncEnumerable<WatchJobResponse> ParseAsync(Stream body, CancellationToken cancel);

    /// <summary>What the edge says when it can't go on within a stream.</summary>
    protected static HttpRequestException Broken(string problem) =>
        new(problem, inner: null, problem.Contains("\"status\":503", StringComparison.Ordinal) ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);

    private async Task<HttpResponseMessage> SendAsync(WatchJobRequest request, CancellationToken cancel)
    {
        var address = new Uri($"{PathOf(request.JobId)}?{WatchQuery.Of(request, resumeBy)}", UriKind.Relative);
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        message.Headers.Accept.ParseAdd(Accept);
        if (resumeBy == ResumeBy.Header && WatchQuery.LastEventId(request.Start) is { } cursor)
            message.Headers.Add("Last-Event-ID", cursor);
        return await edge.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private async IAsyncEnumerable<WatchJobResponse> ReadAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        await foreach (var message in ParseAsync(body, cancel))
            yield return message;
    }
}
