using System.Globalization;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Kestrel;

/// <summary>The same server with the producer inside it: no way to it, no acknowledgement, only the fan-out.</summary>
internal sealed class KestrelFedInside() : KestrelPeer("bare Kestrel fed inside")
{
    public override string Lacks => "keeps nothing, has no producer but itself";

    public override async Task<long> FloodAsync(string topic, Watchers watchers, CancellationToken enough)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var started = await http.PostAsync($"/flood?window={Window}", new StringContent(EventShape.Json + "\n"), CancellationToken.None);
        started.EnsureSuccessStatusCode();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (enough.UnsafeRegister(_ => over.SetResult(), null))
        {
            await over.Task;
        }

        using var stopped = await http.DeleteAsync("/flood", CancellationToken.None);
        return long.Parse(await stopped.Content.ReadAsStringAsync(CancellationToken.None), CultureInfo.InvariantCulture);
    }
}
