using Microsoft.AspNetCore.SignalR;

namespace Jobwatch.Bench.PeerServers.Hubs;

/// <summary>Brings all events to its clients, or those of one topic.</summary>
internal sealed class EventHub : Hub
{
    public override async Task OnConnectedAsync()
    {
        if (Context.GetHttpContext()?.Request.Query["topic"] is [{ } topic])
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, topic);
        }

        await Clients.Caller.SendAsync("live");
    }
}
