namespace Jobwatch.StreamService.Recording;

/// <summary>Event ids: UUIDs in their 36-character form, kept in lower case so that both cases are one id.</summary>
internal static class EventIds
{
    // Not Guid.TryParseExact: it also takes signs and 0x prefixes within the groups.
    public static bool IsValid(string id)
    {
        if (id.Length != 36)
        {
            return false;
        }

        for (var i = 0; i < id.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? id[i] != '-' : !char.IsAsciiHexDigit(id[i]))
            {
                return false;
            }
        }

        return true;
    }
}
