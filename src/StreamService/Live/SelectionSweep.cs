using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>Looks for new jobs of the watched selections: when somebody says that there may be one, and as often as heads are swept.</summary>
internal sealed class SelectionSweep(
    JobSelections selections, LiveOptions options, TimeProvider time, ILogger<SelectionSweep> logger) : BackgroundService
{
    private bool _isBlind;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = time.CreateTimer(
            static selections => ((JobSelections)selections!).LookNow(), selections, options.SweepInterval, options.SweepInterval);
        using var stop = stoppingToken.UnsafeRegister(static selections => ((JobSelections)selections!).LookNow(), selections);
        while (!stoppingToken.IsCancellationRequested)
        {
            await selections.AskedAsync();
            try
            {
                await selections.LookAsync().WaitAsync(stoppingToken);
                if (_isBlind)
                {
                    _isBlind = false;
                    Log.SelectionSweepSees(logger);
                }
            }
            catch (Exception failure) when (StoreFaults.IsOfStore(failure))
            {
                if (!_isBlind)
                {
                    _isBlind = true;
                    Log.SelectionSweepIsBlind(logger, failure.Message);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
