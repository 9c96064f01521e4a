using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>Pages as a <see cref="LiveJob"/> asks for them.</summary>
internal static class PageReading
{
    /// <summary>The page after a position.</summary>
    public static Task<EventPage> OfAsync(this ReadPage readPage, JobLog log, long after, int events) =>
        readPage(log, after, events, JournalReader.DefaultPageBytes, CancellationToken.None);

    /// <summary>The same with the event at the position before it, if that is there.</summary>
    public static async Task<EventPage> WithLastAsync(this ReadPage readPage, JobLog log, long after, int events)
    {
        var page = await readPage.OfAsync(log, after - 1, events + 1);
        if (page.ReachedHead || page.Events.Count != 1 || page.Events[0].Position != after)
        {
            return page;
        }

        // That event alone is a page. What comes next may have been truncated meanwhile.
        var next = await readPage.OfAsync(log, after, events);
        return next.Events.Count > 0 && next.Events[0].Position > after + 1 ? next : next with { Events = [.. page.Events, .. next.Events] };
    }
}
