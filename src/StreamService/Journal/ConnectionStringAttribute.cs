using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>A connection string that can be read. The message doesn't repeat it: it may hold a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConnectionStringAttribute : ValidationAttribute
{
    private const string Name = "ConnectionStrings:Jobwatch (environment: ConnectionStrings__Jobwatch)";

    // Not formatted: the setting has a name of its own.
    public override string FormatErrorMessage(string name) =>
        $"{Name} is missing or no connection string: set it to that of a PostgreSQL database, such as Host=127.0.0.1;Database=jobwatch;Username=jobwatch.";

    public override bool IsValid(object? value)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(value as string).Host is { Length: > 0 };
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
