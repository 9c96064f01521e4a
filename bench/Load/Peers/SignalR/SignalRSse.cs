using System.Text.Json;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>Its clients use server-sent events.</summary>
internal sealed class SignalRSse() : SignalRPeer("SignalR SSE")
{
    private readonly HttpClient _http = new();

    public override Watcher Watch(string topic)
    {
        using var asked = _http.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/hub/negotiate?negotiateVersion=1")));
        using var answer = JsonDocument.Parse(asked.EnsureSuccessStatusCode().Content.ReadAsStream());
        var id = answer.RootElement.GetProperty("connectionToken").GetString();
        var watcher = new SignalRSseWatcher(Address, $"/hub?id={id}{Query(topic).Replace('?', '&')}");
        using var shaken = _http.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"/hub?id={id}"))
        {
            Content = new ByteArrayContent(Records.Handshake.ToArray()),
        });
        shaken.EnsureSuccessStatusCode();
        return watcher;
    }
}
