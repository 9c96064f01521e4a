using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace Jobwatch.Bench.PeerServers.Hubs;

/// <summary>A hub, and an endpoint for those who have events for its clients.</summary>
internal static class HubEndpoints
{
    // The bench's clients don't ping; a real one does every 15 s.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static void Add(IServiceCollection services) => services.AddSignalR(hubs => hubs.ClientTimeoutInterval = Patience);

    public static void Map(WebApplication app)
    {
        app.MapHub<EventHub>("/hub");
        app.MapPost("/publish", (HttpRequest request, IHubContext<EventHub> hub, string? topic) =>
        {
            var clients = topic is null ? hub.Clients.All : hub.Clients.Group(topic);
            return Lines.ReadAsync(request, line => clients.SendAsync("event", Parse(line)));
        });
    }

    private static JsonElement Parse(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return JsonElement.ParseValue(ref reader);
    }
}
