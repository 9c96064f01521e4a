using System.Collections.Concurrent;
using Jobwatch.Shared;
using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.StreamService.Live;

/// <summary>
/// The tenants of which somebody watches all jobs, or those with some labels. A look finds their new jobs, in one query for all tenants
/// however many watch, and one more for labels that were given since the look before. Looks come with the sweep, with new jobs that are heard of, with
/// labels in this process's commits, and when a watch opens; those that are asked for while one is under way share the next. What a new
/// selection by labels has from before is asked for beside the looks: no look waits for it.
/// </summary>
internal sealed class JobSelections(SelectionReader reader, SelectionFills fills, NewJobs newJobs)
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

    /// <summary>Selections that somebody watches.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _tenants.Values.Sum(jobs => jobs.Selections.Count);
            }
        }
    }

    /// <summary>
    /// Watches a selection until <see cref="Leave"/>; <paramref name="bell"/> rings when it changes. What it holds is true only after
    /// a <see cref="FindAsync"/> that is asked for after this.
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

            selection.Dispose();
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

    /// <summary>Finds all that a selection selects now, or that it is too large. Goes on when the caller leaves; fails as the store does.</summary>
    public async Task FindAsync(JobSelection selection)
    {
        await LookAsync();
        // None: the look has filled it, or found it too large.
        if (selection.Fill is { } fill)
        {
            await fill;
            await LookAsync();
        }
    }

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
        List<TenantLook> watched;
        lock (_gate)
        {
            // From here on whoever asks needs another one.
            _look = _nextLook!;
            _nextLook = null;
            watched = [.. _tenants.Select(tenant => new TenantLook(tenant.Key, tenant.Value))];
        }

        if (watched.Count == 0)
        {
            return;
        }

        var listed = await reader.JobsOfAsync([.. watched.Select(one => KeyValuePair.Create(one.Tenant, one.Limit + 1))], CancellationToken.None);
        var byTenant = listed.ToLookup(job => job.Job.Tenant, StringComparer.Ordinal);
        var moved = watched.SelectMany(one => one.Moved(byTenant[one.Tenant])).ToList();
        var labelled = moved.Count == 0 ? [] : await reader.LabelledSinceAsync(moved, CancellationToken.None);
        var byLog = labelled.ToLookup(execution => execution.Incarnation);
        foreach (var one in watched)
        {
            Ring(one.Take([.. byTenant[one.Tenant]], byLog));
            one.BeginFills(fills);
        }
    }

    private void Ring(IReadOnlyList<JobSelection> changed)
    {
        if (changed.Count > 0)
        {
            lock (_gate)
            {
                foreach (var selection in changed)
                {
                    selection.WakeAll();
                }
            }
        }
    }

    private static string KeyOf(IReadOnlyList<KeyValuePair<string, string>> labels) =>
        string.Join('\0', labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal));
}
