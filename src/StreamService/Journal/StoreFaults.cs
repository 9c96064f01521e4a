using System.Net.Sockets;
using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>Tells faults of the store, which pass, from faults of what was asked of it, which don't.</summary>
internal static class StoreFaults
{
    /// <summary>Whether it is the store's, whatever it says: nothing that a call which comes again by itself should stop at.</summary>
    public static bool IsOfStore(Exception error) => error is StoreUnavailableException or NpgsqlException;

    /// <summary>Whether the same call may work later: no connection, a lost one, a server that starts, stops or is out of resources.</summary>
    public static bool IsAway(Exception error) => error switch
    {
        PostgresException postgres => postgres.IsTransient || IsPassing(postgres.SqlState),
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    // Classes: 08 connection, 25006 a standby that isn't promoted yet, 25P03 a transaction that stood still for too long, 28 a password or a pg_hba.conf that is being changed,
    // 3D000/3F000/42P01 a database or schema that is still to be made, 40 rollback, 53 resources, 57 operator, 58 system.
    private static bool IsPassing(string state) =>
        state is "25006" or "25P03" or "3D000" or "3F000" or "42P01" || state[..2] is "08" or "28" or "40" or "53" or "57" or "58";
}
