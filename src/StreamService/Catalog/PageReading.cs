using Google.Protobuf;

namespace Jobwatch.StreamService.Catalog;

/// <summary>Reads the entries of one page.</summary>
internal static class PageReading
{
    // Entries may be large, and the reader counts entries, not bytes.
    private const int Step = 100;

    /// <summary>Fills a page up to a number of entries or <see cref="PageSize.Bytes"/>.</summary>
    /// <param name="size">At most this many entries.</param>
    /// <param name="read">Reads up to a number of entries behind another one, or from the start.</param>
    /// <param name="message">What of an entry goes into the answer.</param>
    /// <returns>The entries, and whether there are more.</returns>
    public static async Task<(List<T> Entries, bool HasMore)> ReadAsync<T>(
        int size, Func<T?, int, Task<IReadOnlyList<T>>> read, Func<T, IMessage> message)
        where T : class
    {
        var entries = new List<T>();
        var bytes = 0;
        while (true)
        {
            // One more than fits tells whether there is a next page.
            var limit = Math.Min(Step, size - entries.Count + 1);
            var found = await read(entries.LastOrDefault(), limit);
            foreach (var entry in found)
            {
                if (entries.Count == size || bytes >= PageSize.Bytes)
                {
                    return (entries, HasMore: true);
                }

                entries.Add(entry);
                bytes += message(entry).CalculateSize();
            }

            if (found.Count < limit)
            {
                return (entries, HasMore: false);
            }
        }
    }
}
