namespace Graft.Imaging.Warping;

/// <summary>
/// A projective map of the plane, row by row: (x, y, 1) goes to (A x + B y + C, D x + E y + F) / (G x + H y + I).
/// </summary>
readonly record struct Homography(
    double A, double B, double C, double D, double E, double F, double G = 0, double H = 0, double I = 1)
{
    public static Homography Identity => new(1, 0, 0, 0, 1, 0);

    public static Homography Scale(double x, double y) => new(x, 0, 0, 0, y, 0);

    public static Homography Shift(double x, double y) => new(1, 0, x, 0, 1, y);

    public bool IsAffine => G == 0 && H == 0;

    /// <summary>First <paramref name="right"/>, then <paramref name="left"/>.</summary>
    public static Homography operator *(Homography left, Homography right) => new(
        left.A * right.A + left.B * right.D + left.C * right.G, left.A * right.B + left.B * right.E + left.C * right.H,
        left.A * right.C + left.B * right.F + left.C * right.I,
        left.D * right.A + left.E * right.D + left.F * right.G, left.D * right.B + left.E * right.E + left.F * right.H,
        left.D * right.C + left.E * right.F + left.F * right.I,
        left.G * right.A + left.H * right.D + left.I * right.G, left.G * right.B + left.H * right.E + left.I * right.H,
        left.G * right.C + left.H * right.F + left.I * right.I);

    public (double X, double Y) Map(double x, double y)
    {
        double w = G * x + H * y + I;
        return ((A * x + B * y + C) / w, (D * x + E * y + F) / w);
    }

    /// <summary>The map that takes four points to four others.</summary>
    public static Homography Between(ReadOnlySpan<(double X, double Y)> from, ReadOnlySpan<(double X, double Y)> to)
    {
        // two equations a point, eight unknowns (I is 1), solved by Gauss with pivoting
        double[,] rows = new double[8, 9];
        for (int i = 0; i < 4; i++)
        {
            (double x, double y) = from[i];
            (double u, double v) = to[i];
            double[] first = [x, y, 1, 0, 0, 0, -u * x, -u * y, u], second = [0, 0, 0, x, y, 1, -v * x, -v * y, v];
            for (int k = 0; k < 9; k++) (rows[2 * i, k], rows[2 * i + 1, k]) = (first[k], second[k]);
        }
        for (int column = 0; column < 8; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < 8; row++)
                if (Math.Abs(rows[row, column]) > Math.Abs(rows[pivot, column])) pivot = row;
            if (rows[pivot, column] == 0) throw new ArgumentException("four points of which three lie on a line");
            for (int k = 0; k < 9; k++) (rows[column, k], rows[pivot, k]) = (rows[pivot, k], rows[column, k]);
            for (int row = 0; row < 8; row++)
            {
                if (row == column) continue;
                double factor = rows[row, column] / rows[column, column];
                if (factor == 0) continue;
                for (int k = column; k < 9; k++) rows[row, k] -= factor * rows[column, k];
            }
        }
        double At(int row) => rows[row, 8] / rows[row, row];
        return new(At(0), At(1), At(2), At(3), At(4), At(5), At(6), At(7));
    }
}
