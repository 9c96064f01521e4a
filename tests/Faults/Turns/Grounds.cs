using Jobwatch.Faults.Tests.Sites;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>The site of many turns, made anew after one in which something did not hold; and the results of all of them.</summary>
internal sealed class Grounds(TurnSettings settings) : IAsyncDisposable
{
    private readonly List<TurnResult> _results = [];
    private Site? _site;

    public IReadOnlyList<TurnResult> Results => _results;

    public async Task<TurnResult> RunAsync(Fault fault)
    {
        int run = _results.Count(result => result.Fault == fault.Name);
        TurnResult result;
        if (fault.OwnSiteAsync() is { } making)
        {
            await using var own = await making;
            result = await new Turn(own, fault, run, settings).RunAsync();
        }
        else
        {
            _site ??= await Site.StartAsync();
            result = await new Turn(_site, fault, run, settings).RunAsync();
            if (result.Failure is not null)
                await LeaveAsync();
        }
        _results.Add(result);
        return result;
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    private async Task LeaveAsync()
    {
        if (_site is not null)
            await _site.DisposeAsync();
        _site = null;
    }
}
