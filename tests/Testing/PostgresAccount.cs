using System.Globalization;

namespace Jobwatch.Testing;

/// <summary>Who runs PostgreSQL, which refuses root: as root the user <c>postgres</c>, else <c>nobody</c>; otherwise oneself.</summary>
internal sealed record PostgresAccount(string? UserName, uint UserId, uint GroupId)
{
    public static PostgresAccount Current { get; } =
        !Environment.IsPrivilegedProcess ? new(null, 0, 0)
        : Find("postgres") ?? Find("nobody")
            ?? throw new InvalidOperationException("PostgreSQL refuses root, and there is no user postgres or nobody.");

    public void Own(string folder)
    {
        if (UserName is not null)
            Posix.ChangeOwner(folder, UserId, GroupId);
    }

    private static PostgresAccount? Find(string name) =>
        File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields[0] == name)
            .Select(fields => new PostgresAccount(
                name, uint.Parse(fields[2], CultureInfo.InvariantCulture), uint.Parse(fields[3], CultureInfo.InvariantCulture)))
            .FirstOrDefault();
}
