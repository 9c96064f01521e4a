using System.Collections.Concurrent;
using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// The tenants of which somebody watches all jobs, or those with some labels. A look finds their new jobs, in one query for all tenants
/// however many watch, and one more for labels that were given since the look before. Looks come with the sweep, with new jobs that are heard of, with
/// labels in this process's commits, and when a watch opens; those that are asked for while one is under way share the next.
/// </summary>
internal sealed class JobSelections(SelectionReader reader, NewJobs newJobs)
{
    /// <summary>Jobs that a selection holds, at most.</summary>
    public const int MaxJobs = 1000;

    /// <summary>Jobs of a tenant, at most, for a selection by labels: each look goes through all of them.</summary>
    public const int MaxSearched = 10_000;

    private readonly ConcurrentDictionary<string, TenantJobs> _tenants = new(StringComparer.Ordinal);
    private readonly Wakeup _asked = new();
    private readonly Lock _gate = new();
    private Task _look = Task.CompletedTask;
    private Task? _nextLook;

    /// <summary>Tenants of which somebody watches a selection.</summary>
    public int Count => _tenants.Count;

    /// <summary>
    /// Watches a selection until <see cref="Leave"/>; <paramref name="bell"/> rings when it changes. What it holds is true only after
    /// a <see cref="LookAsync"/> that is asked for after this.
    /// </summary>
    public JobSelection Enter(string tenant, IReadOnlyList<KeyValuePair<string, string>> labels, Bell bell)
    {
        lock (_gate)
        {
            if (!_tenants.TryGetValue(tenant, out var jobs))
            {
                _tenants[tenant] = jobs = new TenantJobs(newJobs.Listen(tenant, _ => LookNow()));
            }


            var key = KeyOf(labels);
            if (!jobs.Selections.TryGetValue(key, out var selection))
            {
                selection = new JobSelection(labels);
                jobs.Selections.Add(key, selection);
                jobs.HasLabels |= labels.Count > 0;
            }

            selection.Enter(bell);
            return selection;
        }
    }

    public void Leave(string tenant, JobSelection selection, Bell bell)
    {
        lock (_gate)
        {
            if (!selection.Leave(bell) || !_tenants.TryGetValue(tenant, out var jobs))
            {
                return;
            }

            jobs.Selections.Remove(KeyOf(selection.Labels));
            jobs.HasLabels = jobs.Selections.Values.Any(left => !left.IsOfAll);
            if (jobs.Selections.Count == 0)
            {
                jobs.Dispose();
                _tenants.TryRemove(tenant, out _);
            }
        }
    }

    /// <summary>For a commit of this process: labels.</summary>
    public void Hear(CommittedEvents committed)
    {
        if (_tenants.TryGetValue(committed.Log.Job.Tenant, out var jobs) && jobs.HasLabels
            && committed.Events.Any(stored => stored.Head.Payload == ExecutionEvent.PayloadOneofCase.ExecutionStarted))
        {
            LookNow();
        }
    }

    /// <summary>Asks for a look, and doesn't wait: there may be a new job, or one that has new labels.</summary>
    public void LookNow() => _asked.Signal();

    /// <summary>The next call of <see cref="LookNow"/>. For one caller.</summary>
    public ValueTask AskedAsync() => _asked.WaitAsync();

    /// <summary>A look that begins after this call. It goes on when the caller leaves: others may wait for it.</summary>
    public Task LookAsync()
    {
        lock (_gate)
        {
            return _nextLook ??= LookAfterAsync(_look);
        }
    }

    private async Task LookAfterAsync(Task look)
    {
        await look.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        List<(string Tenant, TenantJobs Jobs, List<JobSelection> Selections)> watched;
        lock (_gate)
        {
            // From here on whoever asks needs another one.
            _look = _nextLook!;
            _nextLook = null;
            watched = [.. _tenants.Select(tenant => (tenant.Key, tenant.Value, tenant.Value.Selections.Values.ToList()))];
        }

        if (watched.Count == 0)
        {
            return;
        }

        var listed = await reader.JobsOfAsync(
            [.. watched.Select(one => KeyValuePair.Create(one.Tenant, Limit(one.Selections) + 1))], CancellationToken.None);
        var byTenant = listed.ToLookup(job => job.Job.Tenant, StringComparer.Ordinal);
        var moved = watched.Where(one => one.Selections.Exists(selection => !selection.IsOfAll && selection.IsFilled))
            .SelectMany(one => one.Jobs.Moved(byTenant[one.Tenant])).ToList();
        var labelled = moved.Count == 0 ? [] : await reader.LabelledSinceAsync(moved, CancellationToken.None);
        foreach (var (tenant, jobs, selections) in watched)
        {
            await TakeAsync(tenant, selections, byTenant[tenant].ToList(), labelled);
            jobs.See(byTenant[tenant]);
        }
    }

    private async Task TakeAsync(
        string tenant, List<JobSelection> selections, List<ListedJob> jobs, IReadOnlyList<LabelledExecution> labelled)
    {
        var isCutShort = jobs.Count > Limit(selections);
        var byIncarnation = jobs.ToDictionary(job => job.Incarnation);
        foreach (var selection in selections)
        {
            var matched = selection switch
            {
                { IsOfAll: true } => jobs.Take(MaxJobs + 1).Select(job => KeyValuePair.Create(job.Incarnation, 1L)),
                { IsFilled: false } => await reader.LabelledJobsAsync(tenant, selection.Labels, MaxJobs + 1, CancellationToken.None),
                _ => labelled.OrderBy(execution => execution.FirstPosition)
                    .Where(execution => selection.Labels.All(label => execution.Labels.GetValueOrDefault(label.Key) == label.Value))
                    .Select(execution => KeyValuePair.Create(execution.Incarnation, execution.FirstPosition)),
            };
            var isChanged = selection.Take(byIncarnation, matched, isCutShort);
            selection.IsFilled = true;
            if (isChanged)
            {
                lock (_gate)
                {
                    selection.WakeAll();
                }
            }
        }
    }

    private static int Limit(List<JobSelection> selections) => selections.Exists(selection => !selection.IsOfAll) ? MaxSearched : MaxJobs;

    private static string KeyOf(IReadOnlyList<KeyValuePair<string, string>> labels) =>
        string.Join('\0', labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));
}
