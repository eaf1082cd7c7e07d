using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Binds the cells of a batch to a statement. Texts and blobs are not copied: the batch's memory is pinned and outlives the step.</summary>
internal static unsafe class RowBinder
{
    private const nint Static = 0;

    /// <summary>Binds the given columns of a row to the parameters from <paramref name="first"/> on.</summary>
    public static void Bind(nint statement, BatchColumn[] columns, int[] carried, int row, int first)
    {
        for (var i = 0; i < carried.Length; i++)
        {
            var column = columns[carried[i]];
            switch (column.Kind(row))
            {
                case CellKind.Integer:
                    _ = Native.sqlite3_bind_int64(statement, first + i, column.Integer(row));
                    break;
                case CellKind.Real:
                    _ = Native.sqlite3_bind_double(statement, first + i, column.Real(row));
                    break;
                case CellKind.Text:
                    var text = column.Bytes(row);
                    _ = Native.sqlite3_bind_text(statement, first + i, (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(text)), text.Length, Static);
                    break;
                case CellKind.Blob:
                    var blob = column.Bytes(row);
                    _ = Native.sqlite3_bind_blob(statement, first + i, (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(blob)), blob.Length, Static);
                    break;
                default:
                    _ = Native.sqlite3_bind_null(statement, first + i);
                    break;
            }
        }
    }
}
