using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Npgsql;
using Xunit;

namespace Jobwatch.StreamService.Tests.Journal;

public sealed class DurabilityTests
{
    [Theory]
    [InlineData("off", "on")]
    [InlineData("local", "local")]
    [InlineData("remote_apply", "remote_apply")]
    public async Task Commits_are_flushed_whatever_the_database_says_and_stricter_settings_stay(string setting, string inForce)
    {
        var connectionString = await PostgresCluster.Shared.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await using (var admin = NpgsqlDataSource.Create(connectionString))
        {
            await using var alter = admin.CreateCommand($"ALTER DATABASE \"{name}\" SET synchronous_commit = {setting}");
            await alter.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var source = JournalDatabase.CreateSource(connectionString);
        await using var show = source.CreateCommand("SHOW synchronous_commit");
        Assert.Equal(inForce, await show.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
