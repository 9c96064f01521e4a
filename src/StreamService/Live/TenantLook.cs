using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>One tenant's part of a look, made under the lock of <see cref="JobSelections"/> before the store is asked.</summary>
/// <remarks>
/// Why nothing is missed that comes between a new selection's fill and the looks. The fill is begun by the first look that knows the
/// selection, after that look has read where the logs stand; so what the fill doesn't see was given later than that, and every look
/// from then on finds what was given since the look before. The other way round, what is given between the fill and the first heads would
/// be in neither. The selection keeps what looks find until the fill is taken in, and that a look does whose list is younger than
/// the fill: so all of the fill's jobs that are still there are in the list.
/// </remarks>
internal sealed class TenantLook(string tenant, TenantJobs jobs)
{
    private readonly List<(JobSelection Selection, IReadOnlyDictionary<long, long>? Filled)> _selections =
    [
        .. jobs.Selections.Values.Select(selection => (
            selection, selection.Fill is { IsCompletedSuccessfully: true } fill ? fill.Result : null)),
    ];

    public string Tenant => tenant;

    /// <summary>Jobs of the tenant that are looked through, at most.</summary>
    public int Limit => _selections.Exists(one => !one.Selection.IsOfAll) ? JobSelections.MaxSearched : JobSelections.MaxJobs;

    /// <summary>The jobs that may have new labels, and where they stood in the look before.</summary>
    public IEnumerable<KeyValuePair<long, long>> Moved(IEnumerable<ListedJob> listed) =>
        _selections.Exists(one => one.Selection.FollowsLabels) ? jobs.Moved(listed) : [];

    /// <summary>Takes in what was found, and returns the selections that have changed.</summary>
    /// <param name="listed">The tenant's jobs, one more than <see cref="Limit"/> at most.</param>
    /// <param name="labelled">Executions that were given labels, by their log.</param>
    public IReadOnlyList<JobSelection> Take(IReadOnlyList<ListedJob> listed, ILookup<long, LabelledExecution> labelled)
    {
        var isCutShort = listed.Count > Limit;
        var byIncarnation = listed.ToDictionary(job => job.Incarnation);
        // As they were given their labels, so that looks and fills find the same one whenever they are made.
        var executions = listed.SelectMany(job => labelled[job.Incarnation]).OrderBy(execution => execution.LabelsPosition).ToList();
        var changed = new List<JobSelection>();
        foreach (var (selection, filled) in _selections)
        {
            var matched = selection.IsOfAll
                ? listed.Take(JobSelections.MaxJobs + 1).Select(job => KeyValuePair.Create(job.Incarnation, 1L))
                : executions.Where(execution => selection.Labels.All(label => execution.Labels.GetValueOrDefault(label.Key) == label.Value))
                    .Select(execution => KeyValuePair.Create(execution.Incarnation, execution.FirstPosition));
            if (selection.Take(byIncarnation, filled, matched, isCutShort))
            {
                changed.Add(selection);
            }
        }

        jobs.See(listed);
        return changed;
    }

    /// <summary>After <see cref="Take"/>: asks for what new selections have from before, and doesn't wait.</summary>
    public void BeginFills(SelectionFills fills)
    {
        foreach (var (selection, _) in _selections)
        {
            // One that failed is asked for again.
            if (!selection.IsFilled && !selection.IsTooLarge && selection.Fill is null or { IsFaulted: true })
            {
                jobs.LastFill = selection.Fill = fills.FillAsync(tenant, selection, jobs.LastFill);
            }
        }
    }
}
