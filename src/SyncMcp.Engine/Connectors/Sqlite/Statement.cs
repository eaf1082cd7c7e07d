using System.Text;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>A prepared statement. Not thread-safe, as its database is not.</summary>
internal sealed unsafe class Statement : IDisposable
{
    private readonly Database database;
    private nint handle;
    private bool done;

    internal Statement(Database database, nint handle) => (this.database, this.handle) = (database, handle);

    public nint Handle => handle;

    public int ColumnCount => Native.sqlite3_column_count(handle);

    /// <summary>Binds values to the parameters from 1 on.</summary>
    public Statement Bind(IReadOnlyList<Cell> cells)
    {
        for (var i = 0; i < cells.Count; i++)
            Bind(i + 1, cells[i]);
        return this;
    }

    /// <summary>True while there is a row.</summary>
    public bool Step()
    {
        // After DONE another step would silently begin the query again.
        if (done)
            return false;
        var result = Native.sqlite3_step(handle);
        if (result == Native.Row)
            return true;
        done = true;
        if (result == Native.Done)
            return false;
        var failure = database.Failure(result);
        _ = Native.sqlite3_reset(handle);
        throw failure;
    }

    public Statement Reset()
    {
        _ = Native.sqlite3_reset(handle);
        done = false;
        return this;
    }

    public Statement Bind(int parameter, in Cell cell)
    {
        fixed (byte* bytes = cell.Bytes is { Length: > 0 } ? cell.Bytes : Empty)
        {
            var length = cell.Bytes?.Length ?? 0;
            var result = cell.Kind switch
            {
                CellKind.Integer => Native.sqlite3_bind_int64(handle, parameter, cell.Integer),
                CellKind.Real => Native.sqlite3_bind_double(handle, parameter, cell.Real),
                CellKind.Text => Native.sqlite3_bind_text(handle, parameter, bytes, length, Transient),
                CellKind.Blob => Native.sqlite3_bind_blob(handle, parameter, bytes, length, Transient),
                _ => Native.sqlite3_bind_null(handle, parameter),
            };
            if (result != Native.Ok)
                throw database.Failure(result);
        }

        return this;
    }

    public Statement Bind(int parameter, string? value) => Bind(parameter, value is null ? Cell.Null : Cell.Of(value));

    public Statement Bind(int parameter, long value) => Bind(parameter, Cell.Of(value));

    public Cell Value(int column) => Native.sqlite3_column_type(handle, column) switch
    {
        Native.TypeInteger => Cell.Of(Integer(column)),
        Native.TypeReal => new(CellKind.Real, 0, Native.sqlite3_column_double(handle, column), null),
        Native.TypeText => new(CellKind.Text, 0, 0, TextBytes(column).ToArray()),
        Native.TypeBlob => new(CellKind.Blob, 0, 0, new ReadOnlySpan<byte>(Native.sqlite3_column_blob(handle, column), Native.sqlite3_column_bytes(handle, column)).ToArray()),
        _ => Cell.Null,
    };

    public bool IsNull(int column) => Native.sqlite3_column_type(handle, column) == Native.TypeNull;

    public long Integer(int column) => Native.sqlite3_column_int64(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(TextBytes(column));

    public void Dispose()
    {
        if (handle != 0)
            _ = Native.sqlite3_finalize(handle);
        handle = 0;
    }

    private static readonly byte[] Empty = [0];
    private const nint Transient = -1;

    private ReadOnlySpan<byte> TextBytes(int column)
    {
        var text = Native.sqlite3_column_text(handle, column);
        return new(text, Native.sqlite3_column_bytes(handle, column));
    }
}
