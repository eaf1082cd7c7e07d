using System.Runtime.InteropServices;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>
/// The functions of SQLite that rows pass through, without the wrappers that cost more than the work (measured: 5 times the row rate of ADO.NET).
/// <c>SuppressGCTransition</c> stands only where the call is a few instructions and never waits: bind and column.
/// </summary>
internal static unsafe partial class Native
{
    private const string Library = "e_sqlite3";

    public const int Ok = 0;
    public const int Error = 1;
    public const int Busy = 5;
    public const int Locked = 6;
    public const int ReadOnly = 8;
    public const int Interrupt = 9;
    public const int IoError = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int TooBig = 18;
    public const int Constraint = 19;
    public const int Mismatch = 20;
    public const int Denied = 23;
    public const int NotADatabase = 26;
    public const int Row = 100;
    public const int Done = 101;

    public const int OpenReadOnly = 0x1;
    public const int OpenReadWrite = 0x2;
    public const int OpenCreate = 0x4;
    public const int OpenUri = 0x40;
    public const int OpenNoMutex = 0x8000;
    public const int OpenNoFollow = 0x01000000;
    public const int OpenExtendedResult = 0x02000000;

    public const int ConfigDefensive = 1010;
    public const int ConfigQuotedTextsInQueries = 1013;
    public const int ConfigTrustedSchema = 1017;

    public const int TypeInteger = 1;
    public const int TypeReal = 2;
    public const int TypeText = 3;
    public const int TypeBlob = 4;
    public const int TypeNull = 5;

    [LibraryImport(Library)]
    public static partial int sqlite3_open_v2(byte* name, out nint db, int flags, byte* vfs);

    [LibraryImport(Library)]
    public static partial int sqlite3_close_v2(nint db);

    [LibraryImport(Library)]
    public static partial nint sqlite3_errmsg(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_extended_errcode(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_system_errno(nint db);

    [LibraryImport(Library)]
    public static partial nint sqlite3_libversion();

    [LibraryImport(Library)]
    public static partial int sqlite3_db_config(nint db, int option, int value, nint result);

    [LibraryImport(Library)]
    public static partial int sqlite3_busy_handler(nint db, delegate* unmanaged[Cdecl]<nint, int, int> handler, nint context);

    [LibraryImport(Library)]
    public static partial void sqlite3_progress_handler(nint db, int instructions, delegate* unmanaged[Cdecl]<nint, int> handler, nint context);

    [LibraryImport(Library)]
    public static partial int sqlite3_set_authorizer(nint db, delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, byte*, byte*, int> authorizer, nint context);

    [LibraryImport(Library)]
    public static partial int sqlite3_prepare_v2(nint db, byte* sql, int length, out nint statement, out byte* tail);

    [LibraryImport(Library)]
    public static partial int sqlite3_step(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_reset(nint statement);

    [LibraryImport(Library)]
    public static partial int sqlite3_finalize(nint statement);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial long sqlite3_changes64(nint db);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial long sqlite3_total_changes64(nint db);

    [LibraryImport(Library)]
    public static partial int sqlite3_table_column_metadata(nint db, byte* schema, byte* table, byte* column, out nint type, out nint collation, out int notNull, out int key, out int increment);

    [LibraryImport(Library)]
    public static partial int sqlite3_get_autocommit(nint db);

    [LibraryImport(Library)]
    public static partial nint sqlite3_column_decltype(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_column_count(nint statement);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_column_type(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial double sqlite3_column_double(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial byte* sqlite3_column_text(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_column_bytes(nint statement, int column);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_bind_null(nint statement, int parameter);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_bind_int64(nint statement, int parameter, long value);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_bind_double(nint statement, int parameter, double value);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_bind_text(nint statement, int parameter, byte* value, int length, nint lifetime);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int sqlite3_bind_blob(nint statement, int parameter, byte* value, int length, nint lifetime);

    public static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";
}
