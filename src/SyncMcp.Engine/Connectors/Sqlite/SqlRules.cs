using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>
/// What a transformation's statement may do: anything with the rows and tables of its file, nothing beyond it, nothing to the transaction in which it
/// stands, nothing to the engine's own tables. SQLite asks here while it prepares a statement. Codes: https://www.sqlite.org/c3ref/c_alter_table.html
/// </summary>
internal sealed unsafe class SqlRules : IDisposable
{
    private const int Deny = 1;
    private const int CreateTable = 2;
    private const int Pragma = 19;
    private const int Read = 20;
    private const int Select = 21;
    private const int Transaction = 22;
    private const int Attach = 24;
    private const int Detach = 25;
    private const int CreateVirtualTable = 29;
    private const int Function = 31;
    private const int Savepoint = 32;
    private const int Recursive = 33;

    private static readonly HashSet<string> Modules = new(StringComparer.OrdinalIgnoreCase) { "fts5", "rtree" };

    private readonly GCHandle self;

    public SqlRules() => self = GCHandle.Alloc(this);

    /// <summary>Why the last statement was refused; null where it was not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The table that the last statement makes.</summary>
    public string? Created { get; private set; }

    /// <summary>A statement comes: forget the one before.</summary>
    public void Forget() => Refusal = Created = null;

    /// <summary>Puts the rules before every statement from here on.</summary>
    public void Apply(Database database) => database.Confine(&OnAuthorize, GCHandle.ToIntPtr(self));

    public void Dispose() => self.Free();

    private bool Allows(int action, string first, string second)
    {
        Refusal ??= action switch
        {
            Transaction or Savepoint => $"{first} is not taken: all tasks of a run stand in one transaction, which the engine begins and ends",
            Attach or Detach => "it reaches another file (ATTACH, DETACH, VACUUM INTO); a transformation works in its own destination only",
            Pragma when !(first == "data_version" && second.Length == 0) => "PRAGMA is not taken",
            CreateVirtualTable when !Modules.Contains(second) => $"virtual tables of the kind {second} are not taken",
            Function when second.Equals("load_extension", StringComparison.OrdinalIgnoreCase) => "extensions are not loaded",
            Read or Select or Function or Recursive => null,
            _ when IsOwn(first) || IsOwn(second) => $"tables that begin with {LedgerTables.Prefix} are the engine's own; they can be read only",
            _ => null,
        };
        if (action is CreateTable or CreateVirtualTable)
            Created ??= first; // the first: a virtual table makes others below it
        return Refusal is null;
    }

    private static bool IsOwn(string name) => name.StartsWith(LedgerTables.Prefix, StringComparison.OrdinalIgnoreCase);

    private static string Text(byte* utf8) => utf8 is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(utf8));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnAuthorize(nint context, int action, byte* first, byte* second, byte* schema, byte* trigger) =>
        ((SqlRules)GCHandle.FromIntPtr(context).Target!).Allows(action, Text(first), Text(second)) ? Native.Ok : Deny;
}
