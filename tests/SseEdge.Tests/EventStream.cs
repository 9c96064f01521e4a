using System.Net.ServerSentEvents;

namespace Jobwatch.SseEdge.Tests;

/// <summary>An open answer of a watching route, read as server-sent events.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SseItem<string>> _items;
    private readonly SseParser<string> _parser;

    private EventStream(HttpResponseMessage response, Stream body)
    {
        Response = response;
        _parser = SseParser.Create(body);
        _items = _parser.EnumerateAsync().GetAsyncEnumerator();
    }

    public HttpResponseMessage Response { get; }

    public string LastEventId => _parser.LastEventId;

    public TimeSpan Retry => _parser.ReconnectionInterval;

    public static Task<EventStream> OpenAsync(RunningEdge edge, string path, string? lastEventId = null) =>
        OpenAsync(edge.Http, path, lastEventId);

    public static async Task<EventStream> OpenAsync(HttpClient http, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new EventStream(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event; null at the stream's end.</summary>
    public async Task<SseItem<string>?> NextAsync()
    {
        var next = _items.MoveNextAsync().AsTask();
        return await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) ? _items.Current : null;
    }

    public async ValueTask DisposeAsync()
    {
        Response.Dispose();
        await _items.DisposeAsync();
    }
}
